// What of the script can be said otherwise without another meaning: names of variables, and orders.

/** Each variable, where it is named, and what else is named where it can be seen: rivals cannot share a name. */
export function variablesOf(scopes) {
  const variables = new Map()
  for (const found of scopes.flatMap(scope => scope.variables)) {
    const { name, identifiers, references } = found
    const places = [...identifiers, ...references.map(reference => reference.identifier)]
    const starts = [...new Set(places.map(place => place.start))]
    variables.set(found, { name, starts, rivals: new Set(), globals: new Set() })
  }
  for (const { variables: own, through } of scopes)
    for (const variable of own.map(found => variables.get(found))) {
      for (const { resolved, identifier } of through)
        if (resolved) makeRivals(variable, variables.get(resolved))
        else variable.globals.add(identifier.name)
      for (const found of own) makeRivals(variable, variables.get(found))
    }
  return [...variables.values()].filter(({ starts }) => starts.length) // `arguments` is everywhere
}

function makeRivals(one, other) {
  if (one === other) return
  one.rivals.add(other)
  other.rivals.add(one)
}

/**
 * Lists whose order means nothing, or only for some of their members: functions in a row, properties, what is taken
 * out of an object, variables that are declared together, the sides of an equation.
 *
 * What runs when a member is evaluated decides which may pass each other. A constant (a literal, a function, a variable
 * that nobody sets again) passes all but a declaration that it needs. What reads (a property, a variable) passes what
 * reads. All else stays behind what it was behind. A getter is taken for something that reads, as minifiers do.
 */
export function groupsOf(ast, code, scopes) {
  const { isFixed, declared } = createNames(scopes)
  const rank = node => rankOf(node, isFixed)
  const groups = []
  // What is assigned to an object may meet setters.
  const assigned = new Set(
    [...nodesOf(ast)].flatMap(({ type, callee, arguments: passed }) =>
      type === 'CallExpression' && callee.property?.name === 'assign' ? passed : [],
    ),
  )
  const add = (kind, children, pairs = []) => {
    if (children.length > 1)
      groups.push({ kind, children: children.map(({ start, end }) => ({ start, end })), pairs })
  }
  const ranked = (members, ranks) =>
    members.flatMap((_, j) =>
      members
        .slice(0, j)
        .flatMap((_, i) => (ranks[i] + ranks[j] > CALL && ranks[i] && ranks[j] ? [[i, j]] : [])),
    )

  for (const node of nodesOf(ast)) {
    const { type } = node
    if (type === 'BlockStatement' || type === 'Program')
      for (const run of runsOf(node.body, ({ type }) => type === 'FunctionDeclaration'))
        if (new Set(run.map(({ id }) => id.name)).size === run.length) add('function', run)
    if (type === 'ObjectExpression' && !assigned.has(node))
      for (const run of runsOf(
        node.properties,
        ({ type, computed, key, kind }) =>
          type === 'Property' && !computed && kind === 'init' && nameOf(key) !== '__proto__',
      ))
        if (
          new Set(run.map(({ key }) => nameOf(key))).size === run.length &&
          !run.some(({ key }) => key.type === 'Literal' && /^\d/.test(key.value))
        )
          add(
            'property',
            run,
            ranked(
              run,
              run.map(({ value }) => rank(value)),
            ),
          )
    if (type === 'ObjectPattern')
      for (const run of runsOf(
        node.properties,
        ({ type, computed, value }) => type === 'Property' && !computed && value.type === 'Identifier',
      ))
        add('pattern', run)
    if (type === 'VariableDeclaration') {
      const { declarations } = node
      const ranks = declarations.map(({ id, init }) =>
        Math.max(init ? rank(init) : CONSTANT, rankOfPattern(id, rank)),
      )
      const own = declarations.map(declarator => declared(declarator.id))
      const pairs = ranked(declarations, ranks)
      declarations.forEach(({ id, init }, j) => {
        for (let i = 0; i < j; i++) if (ranks[j] >= CALL || mentions([init, id], own[i])) pairs.push([i, j])
      })
      // `let{a}=b,c` has no space for a name that would come first.
      if (code[node.declarations[0].start - 1] !== ' ')
        declarations.forEach((_, j) => j && pairs.push([0, j]))
      add('declaration', declarations, pairs)
    }
    if (type === 'BinaryExpression' && /^[!=]==?$|^[*&|^]$/.test(node.operator)) {
      const { left, right } = node
      const isPlain = ({ type }) =>
        /^(Literal|Identifier|MemberExpression|CallExpression|TemplateLiteral)$/.test(type)
      const isSimple = node =>
        isPlain(node) || (node.type === 'UnaryExpression' && /^(void|typeof|!)$/.test(node.operator))
      if (!isSimple(left) || !isSimple(right) || (rank(left) && rank(right))) continue
      // Bare names on both sides of a word would become one.
      if (
        /[\w$]/.test(code[left.start - 1]) ||
        /[\w$]/.test(code[right.end]) ||
        /\w /.test(code.slice(left.start - 2, left.start))
      )
        continue
      if (code.slice(left.end, right.start) !== node.operator) continue
      add('equation', [left, right])
    }
  }
  return groups
}

const CONSTANT = 0
const READ = 1
const CALL = 2

/** What runs when it is evaluated, at worst. */
function rankOf(node, isFixed) {
  switch (node?.type) {
    case 'Literal':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return CONSTANT
    case 'Identifier':
      return isFixed(node) ? CONSTANT : READ
    case 'MemberExpression':
    case 'ArrayExpression':
    case 'ObjectExpression':
    case 'Property':
    case 'SpreadElement':
    case 'ConditionalExpression':
    case 'LogicalExpression':
    case 'UnaryExpression':
    case 'BinaryExpression':
    case 'TemplateLiteral': {
      if (node.operator === 'delete') return CALL
      if (node.type === 'UnaryExpression' && /[-+~]/.test(node.operator) && node.argument.type !== 'Literal')
        return Math.max(READ, rankOf(node.argument, isFixed))
      const own =
        /^(Member|Binary|Template|Spread)/.test(node.type) && !isArithmeticOfLiterals(node) ? READ : CONSTANT
      if (node.type === 'TemplateLiteral' && node.expressions.length) return CALL
      if (node.type === 'SpreadElement' || node.computed) return CALL
      const parts = [...childrenOf(node)].filter(
        child =>
          !(
            child.type === 'Identifier' &&
            (child === node.key || (child === node.property && !node.computed))
          ),
      )
      return Math.max(own, ...parts.map(part => rankOf(part, isFixed)))
    }
    case 'TemplateElement':
      return CONSTANT
    case 'NewExpression':
      return node.callee.type === 'Identifier' &&
        /^(Weak)?(Map|Set)$/.test(node.callee.name) &&
        !node.arguments.length
        ? READ
        : CALL
    default:
      return CALL
  }
}

/** Iterating is a call. */
function rankOfPattern(pattern, rank) {
  if (pattern.type === 'Identifier') return CONSTANT
  const nodes = [...nodesOf(pattern)]
  if (nodes.some(({ type, computed }) => type === 'ArrayPattern' || computed)) return CALL
  return Math.max(
    READ,
    ...nodes.map(({ type, right }) => (type === 'AssignmentPattern' ? rank(right) : READ)),
  )
}

const isArithmeticOfLiterals = ({ type, left, right }) =>
  type === 'TemplateLiteral' ||
  (type === 'BinaryExpression' && left.type === 'Literal' && right.type === 'Literal')

/** Which variables are never set again, and which a pattern declares. */
function createNames(scopes) {
  const resolved = new Map()
  const declaredAt = new Map()
  for (const scope of scopes) {
    for (const variable of scope.variables)
      for (const { start } of variable.identifiers) declaredAt.set(start, variable)
    for (const reference of scope.references) resolved.set(reference.identifier.start, reference.resolved)
  }
  const isFixed = ({ start, name }) => {
    const variable = resolved.get(start)
    if (!variable) return name === 'undefined'
    return variable.references.every(reference => reference.init || !reference.isWrite())
  }
  return {
    isFixed,
    declared: pattern =>
      new Set([...nodesOf(pattern)].map(({ start }) => declaredAt.get(start)).filter(Boolean)),
  }
}

/** Whether one of them is named outside of functions that run later. */
const mentions = (nodes, variables) => {
  const names = new Set([...variables].map(({ name }) => name))
  return nodes.some(
    node => node && [...nodesOf(node)].some(({ type, name }) => type === 'Identifier' && names.has(name)),
  )
}

const nameOf = key => key.name ?? `${key.value}`

function* childrenOf(node) {
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parent') continue
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child?.type === 'string') yield child
  }
}

export function* nodesOf(node) {
  yield node
  for (const child of childrenOf(node)) yield* nodesOf(child)
}

/** The longest rows of neighbours that are such. */
function runsOf(list, isSuch) {
  const runs = [[]]
  for (const node of list) {
    if (isSuch(node)) runs.at(-1).push(node)
    else runs.push([])
  }
  return runs
}
