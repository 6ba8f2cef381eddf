exports.money = function money(amount, currency) {
  const text = amount.toFixed(2) //: 17.0 money "toFixed"
  return text + ' ' + currency.toUpperCase()
}
