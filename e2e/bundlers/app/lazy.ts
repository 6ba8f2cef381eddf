export function loadOrders(customer: { orders?: string[] }): string[] {
  const sorted = customer.orders!.toSorted() //: 18.0 loadOrders "customer.orders!.toSorted"
  console.debug(sorted)
  return sorted
}

export const describeOrders = (count = missing()): string => `${count} orders`

function missing(): number {
  if (Date.now() > 0) throw new Error('no count') //: 20.0 missing "new Error"
  return 0
}
