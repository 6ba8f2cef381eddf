// Makes a program of a tape of numbers: each decision reads the next one, and past the end of the tape every decision
// takes the simplest way, so that a shorter tape with smaller numbers is a simpler program: that is how fast-check
// shrinks it.
//
// The names are few, so that they shadow, collide and are used before they are declared. What runs is bounded: loops
// by their heads, calls by `tick`, which throws when there have been too many.

const NAMES = ['a', 'b', 'c', 'd', 'e']

/**
 * @typedef {object} Block
 * @property {Set<string>} lexical
 * @property {Set<string>} vars declared here or in blocks within
 * @property {Set<string>} closed that only a `var` may not take: parameters, of functions and of `catch`
 *
 * @typedef {object} Place What is allowed where the text goes.
 * @property {Block[]} blocks innermost last, of the function only
 * @property {boolean} isStrict
 * @property {boolean} isArrow
 * @property {boolean} isAsync
 * @property {boolean} isGenerator
 * @property {string[]} loops labels
 * @property {string[]} labels of blocks
 * @property {boolean} isLoop
 * @property {boolean} isBreakable
 * @property {number} depth
 * @property {boolean} isDerived
 * @property {boolean} isTop
 */

/** @param {readonly number[]} tape */
export function generate(tape) {
  let position = 0
  let counter = 0
  const next = () => tape[position++] ?? 0
  /** @param {number} n */
  const below = n => next() % n
  /** @param {number} n one in so many */
  const rarely = n => below(n) === n - 1
  /**
   * @template T
   * @param {T[]} options
   */
  const pick = options => /** @type {T} */ (options[below(options.length)])
  /**
   * @param {number} max
   * @param {() => string} make
   */
  const some = (max, make) => Array.from({ length: below(max + 1) }, make)
  /** Mostly one that is declared by now. @param {Place} place */
  const name = ({ blocks }) => {
    const declared = blocks.flatMap(({ lexical, vars, closed }) => [...lexical, ...vars, ...closed])
    return declared.length && !rarely(4) ? pick(declared) : pick(NAMES)
  }

  /** @returns {Block} */
  const newBlock = (closed = /** @type {string[]} */ ([])) => ({
    lexical: new Set(),
    vars: new Set(),
    closed: new Set(closed),
  })

  /** @param {Place} place @param {Partial<Place>} change @returns {Place} */
  const within = (place, change = {}) => ({ ...place, depth: place.depth + 1, ...change })

  /** @param {Place} place @param {string[]} [closed] @returns {Place} */
  const inBlock = (place, closed) =>
    within(place, { blocks: [...place.blocks, newBlock(closed)], isTop: false })

  /** A name that may be declared by `let`, `const` or `class` here; undefined if all are taken. @param {Place} place */
  function lexicalName({ blocks }) {
    const block = /** @type {Block} */ (blocks.at(-1))
    const free = NAMES.filter(
      name => !block.lexical.has(name) && !block.vars.has(name) && !block.closed.has(name),
    )
    if (!free.length) return undefined
    const chosen = pick(free)
    block.lexical.add(chosen)
    return chosen
  }

  /** The same for `var`. @param {Place} place */
  function varName({ blocks }) {
    const free = NAMES.filter(name =>
      blocks.every(({ lexical, closed }, index) => !lexical.has(name) && (index === 0 || !closed.has(name))),
    )
    if (!free.length) return undefined
    const chosen = pick(free)
    for (const block of blocks) block.vars.add(chosen)
    return chosen
  }

  /** @param {Place} place @param {() => string | undefined} declare @param {boolean} [isFlat] @returns {string | undefined} */
  function bindingPattern(place, declare, isFlat) {
    const one = declare()
    if (!one || isFlat || !rarely(4)) return one
    const other = declare()
    const withDefault = rarely(2) ? ` = ${expression(within(place))}` : ''
    switch (below(4)) {
      case 0:
        return other ? `[${one}${withDefault}, ${other}]` : `[${one}]`
      case 1:
        return other ? `{ x: ${one}${withDefault}, ...${other} }` : `{ x: ${one} }`
      case 2:
        return other ? `[, ${one}, ...${other}]` : `[...${one}]`
      default:
        return other ? `{ [${expression(within(place))}]: ${one}, y: [${other}] = [${one}] }` : `{ ${one} }`
    }
  }

  /** What can be destructured without an error, mostly. @param {Place} place */
  function source(place) {
    const parts = [1, 2].map(() => expression(within(place)))
    if (rarely(6)) return expression(place)
    return rarely(2) ? `{ x: ${parts[0]}, y: [${parts[1]}], a: 1, z: 3 }` : `[${parts}, 7]`
  }

  // Iterable and with properties, such that every pattern finds something.
  /** @param {Place} place @param {string} pattern */
  const sourceFor = (place, pattern) => {
    if (/^[\w$]+$/.test(pattern)) return expression(within(place))
    const text = source(within(place))
    return pattern.startsWith('[') && text.startsWith('{') ? `[${text}, 4]` : text
  }

  /** @param {Place} place @returns {string} */
  function declaration(place) {
    const kind = pick(['const', 'let', 'var'])
    const parts = []
    for (let n = 0; n <= (rarely(4) ? 1 : 0); n++) {
      const pattern = bindingPattern(place, () => (kind === 'var' ? varName(place) : lexicalName(place)))
      if (!pattern) continue
      const needsValue = kind === 'const' || !/^[\w$]+$/.test(pattern)
      parts.push(needsValue || !rarely(3) ? `${pattern} = ${sourceFor(place, pattern)}` : pattern)
    }
    return parts.length ? `${kind} ${parts.join(', ')}${end()}` : expressionStatement(place)
  }

  /** Semicolons are left out where a new line does. */
  function end() {
    return rarely(3) ? '\n' : ';'
  }

  /** @param {Place} place */
  function expressionStatement(place) {
    return `t(${expression(place)})${rarely(3) ? '\n;' : ';'}`
  }

  /** @param {Place} place */
  function statements(place, max = 4) {
    return Array.from({ length: 1 + below(max) }, () => statement(place)).join('\n')
  }

  /** @param {Place} place @param {string[]} [closed] */
  function block(place, closed) {
    return `{ ${statements(inBlock(place, closed), 3)} }`
  }

  /** @param {Place} place @returns {string} */
  function statement(place) {
    if (place.depth > 6) return expressionStatement(place)
    switch (below(20)) {
      case 0:
        return expressionStatement(place)
      case 1:
      case 2:
      case 3:
        return declaration(place)
      case 4:
        return `try ${block(place)} catch (caught) { t(caught); }`
      case 5:
        return `if (${expression(within(place))}) ${block(place)}${rarely(2) ? ` else ${block(place)}` : ''}`
      case 6:
      case 7:
        return functionDeclaration(place)
      case 8:
        return classDeclaration(place)
      case 9:
      case 10:
      case 11:
        return loop(place)
      case 12:
        return tryStatement(place)
      case 13:
        return switchStatement(place)
      case 14:
        return rarely(3)
          ? `return ${expression(within(place))};`
          : `if (${expression(within(place))}) return ${expression(within(place))};`
      case 15:
        return rarely(3)
          ? `throw ${thrown(place)};`
          : `if (${expression(within(place))}) throw ${thrown(place)};`
      case 16:
        return jump(place)
      case 17: {
        const label = `l${counter++}`
        return `${label}: ${block({ ...place, labels: [...place.labels, label] })}`
      }
      case 18:
        return block(place)
      default:
        return place.isStrict ? expressionStatement(place) : withStatement(place)
    }
  }

  /** @param {Place} place */
  function withStatement(place) {
    if (!rarely(4)) return expressionStatement(place)
    return `with ({ ${name(place)}: ${expression(within(place))} }) ${block(place)}`
  }

  /** @param {Place} place */
  function thrown(place) {
    return pick([
      `new Error('user ${below(9)}')`,
      `new TypeError('user ${below(9)}', { cause: ${expression(within(place))} })`,
      `'user text'`,
      expression(within(place)),
    ])
  }

  /** @param {Place} place */
  function jump(place) {
    const targets = [
      ...place.labels.map(label => `break ${label}`),
      ...place.loops.flatMap(label => [`break ${label}`, `continue ${label}`]),
      ...(place.isLoop ? ['continue'] : []),
      ...(place.isBreakable ? ['break'] : []),
    ]
    if (!targets.length) return expressionStatement(place)
    return `if (${expression(within(place))}) ${pick(targets)};`
  }

  /** @param {Place} place */
  function loop(place) {
    const label = rarely(3) ? `l${counter++}` : ''
    const loops = label ? [...place.loops, label] : place.loops
    const inner = inBlock({ ...place, loops, isLoop: true, isBreakable: true })
    const prefix = label && `${label}: `
    // Its body is a block of its own, or a single statement.
    const bodyOf = (/** @type {Place} */ at) => (rarely(5) ? expressionStatement(within(at)) : block(at))
    const kind = pick(['const', 'let', 'var'])
    const declare = () => (kind === 'var' ? varName(place) : lexicalName(inner))
    switch (below(5)) {
      case 0: {
        const pattern = bindingPattern(inner, declare)
        if (!pattern) return expressionStatement(place)
        const items = `[${sourceFor(inner, pattern)}, ${sourceFor(inner, pattern)}]`
        const isAwait = place.isAsync && rarely(3)
        return `${prefix}for ${isAwait ? 'await ' : ''}(${kind} ${pattern} of ${items}) ${bodyOf(inner)}`
      }
      case 1: {
        const key = declare()
        if (!key) return expressionStatement(place)
        return `${prefix}for (${kind} ${key} in { p: 1, q: ${expression(within(inner))} }) ${bodyOf(inner)}`
      }
      case 2: {
        const one = kind === 'var' ? varName(place) : lexicalName(inner)
        if (!one) return expressionStatement(place)
        const index = `i${counter++}`
        const more = kind === 'const' ? '' : `, ${index} = 0`
        const outer = kind === 'const' ? `let ${index} = 0; ` : ''
        const update = rarely(3) ? `${index}++, ${expression(within(inner))}` : `${index}++`
        const value = kind === 'const' || rarely(2) ? ` = ${expression(within(inner))}` : ''
        const text = `for (${kind} ${one}${value}${more}; ${index} < 3; ${update}) ${bodyOf(inner)}`
        return outer ? `{ ${outer}${prefix}${text} }` : `${prefix}${text}`
      }
      case 3: {
        const index = `i${counter++}`
        return `{ let ${index} = 0; ${prefix}while (${index}++ < 2 && (${expression(within(inner))}, true)) ${block(inner)} }`
      }
      default: {
        const index = `i${counter++}`
        return `{ let ${index} = 0; ${prefix}do ${block(inner)} while (${index}++ < 1) ${expressionStatement(place)} }`
      }
    }
  }

  /** @param {Place} place */
  function tryStatement(place) {
    const body = `try ${block(place)}`
    const ending = rarely(3) ? ` finally ${block(place)}` : ''
    if (ending && rarely(3)) return body + ending
    const param = pick(NAMES)
    switch (below(4)) {
      case 0:
        return `${body} catch (${param}) { t(${param}); ${statements(inBlock(place, [param]), 3)} }${ending}`
      case 1:
        return `${body} catch (caught) { t(caught); ${statements(inBlock(place), 2)} }${ending}`
      case 2:
        return `${body} catch ({ message: ${param} }) { t(${param}); ${statements(inBlock(place, [param]), 2)} }${ending}`
      default:
        return `${body} catch (${param}) { t(${param}); ${rarely(2) ? `throw ${param};` : ''} }${ending}`
    }
  }

  /** @param {Place} place */
  function switchStatement(place) {
    const inner = inBlock({ ...place, isBreakable: true })
    const cases = [0, 1, 2].map(n => {
      const head = n === 2 && rarely(2) ? 'default:' : `case ${n}:`
      return `${head} ${statements(inner, 2)}${rarely(2) ? ' break;' : ''}`
    })
    return `switch (${rarely(2) ? below(3) : expression(within(place))}) { ${cases.join('\n')} }`
  }

  /** @param {Place} place */
  function functionDeclaration(place) {
    // At the top of a function it is like `var`, in a block like `let`.
    const id = place.isTop ? varName(place) : lexicalName(place)
    if (!id) return expressionStatement(place)
    return functionText(place, { id, kinds: ['', '', 'async ', '*', 'async *'] })
  }

  /** @param {Place} place */
  function classDeclaration(place) {
    const id = lexicalName(place)
    return id ? classText(place, id) : expressionStatement(place)
  }

  /** @param {Place} place @param {string} id */
  function classText(place, id) {
    const isDerived = rarely(3)
    const base = isDerived ? ` extends ${pick(['Base', 'Base', 'Base', name(place)])}` : ''
    const strict = within(place, { isStrict: true })
    const members = []
    if (isDerived ? rarely(2) : rarely(3)) {
      const superCall =
        isDerived && !rarely(4)
          ? `super(${expression(within(strict, { isAsync: false, isGenerator: false }))});`
          : ''
      members.push(methodText(strict, 'constructor', { isDerived, prologue: superCall }))
    }
    members.push(...some(2, () => member(strict)))
    return `class ${id}${base} { ${members.join('\n')} }`
  }

  /** @param {Place} place */
  function member(place) {
    const inner = within(place, { isAsync: false, isGenerator: false, isArrow: false, blocks: [newBlock()] })
    switch (below(6)) {
      case 0:
        return methodText(place, 'm')
      case 1:
        return methodText(place, 'get g', { params: '' })
      case 2:
        return methodText(place, 'static s')
      case 3:
        return `f = (tick(), ${expression(inner)});`
      case 4:
        return `static { ${statements({ ...inner, isTop: true, loops: [], labels: [], isLoop: false, isBreakable: false, isDerived: false }, 2).replaceAll(/\breturn\b/g, 'void')} }`
      default:
        return methodText(place, pick(['*gen', 'async later', 'async *both', `[${expression(inner)}]`]))
    }
  }

  /**
   * @param {Place} place
   * @param {string} head
   * @param {{ params?: string, prologue?: string, isDerived?: boolean }} [options]
   */
  function methodText(place, head, { params, prologue = '', isDerived = false } = {}) {
    const { names, text } = params === '' ? { names: [], text: '' } : parameters(place)
    const inner = functionPlace(place, names, {
      isAsync: head.startsWith('async'),
      isGenerator: head.includes('*') && !head.startsWith('['),
      isDerived,
    })
    return `${head}(${text}) { ${prologue}tick();\n${statements(inner, 3)} }`
  }

  /** @param {Place} place @param {string[]} params @param {Partial<Place>} change @returns {Place} */
  function functionPlace(place, params, change) {
    return within(place, {
      blocks: [newBlock(params)],
      isArrow: false,
      isTop: true,
      loops: [],
      labels: [],
      isLoop: false,
      isBreakable: false,
      isDerived: false,
      ...change,
    })
  }

  /** @param {Place} place */
  function parameters(place) {
    const names = NAMES.filter(() => rarely(3)).slice(0, 3)
    let isSimple = true
    const inner = within(place, { isAsync: false, isGenerator: false })
    const texts = names.map((name, index) => {
      if (!rarely(4)) return name
      isSimple = false
      switch (below(4)) {
        case 0:
          return `${name} = (tick(), ${expression(inner)})`
        case 1:
          return `{ x: ${name} = (tick(), ${expression(inner)}) } = {}`
        case 2:
          return index === names.length - 1 ? `...${name}` : name
        default:
          return `${name} = () => ${NAMES[below(NAMES.length)]}`
      }
    })
    return { names, text: texts.join(', '), isSimple }
  }

  /** @param {Place} place @param {{ id: string, kinds: string[] }} options */
  function functionText(place, { id, kinds }) {
    const kind = pick(kinds)
    const { names, text, isSimple } = parameters(place)
    const becomesStrict = isSimple && !place.isStrict && rarely(5)
    const inner = functionPlace(place, names, {
      isStrict: place.isStrict || !!becomesStrict,
      isAsync: kind.startsWith('async'),
      isGenerator: kind.includes('*'),
    })
    const directive = becomesStrict ? `'use strict'${end()}` : ''
    const [word, star] = kind.includes('*') ? [kind.replace('*', ''), '*'] : [kind, '']
    return `${word}function ${star}${id}(${text}) { ${directive}tick();\n${statements(inner)} }`
  }

  /** @param {Place} place */
  function arrow(place) {
    const { names, text } = parameters(place)
    const isAsync = rarely(5)
    const inner = functionPlace(place, names, {
      isArrow: place.isArrow || place.isTop,
      isAsync,
      isGenerator: false,
    })
    inner.isArrow = true
    const head = `${isAsync ? 'async ' : ''}(${text}) =>`
    return rarely(3)
      ? `(${head} (tick(), ${expression(inner)}))`
      : `(${head} { tick();\n${statements(inner, 3)} })`
  }

  /** @param {Place} place @returns {string} */
  function expression(place) {
    if (place.depth > 8) return rarely(2) ? name(place) : `${below(4)}`
    const inner = within(place)
    const sub = () => expression(inner)
    switch (below(27)) {
      case 0:
        return `${below(4)}`
      case 1:
      case 2:
      case 3:
      case 4:
        return name(place)
      case 5:
        return pick([`'s${below(3)}'`, 'null', 'undefined', 'true', `${below(3)}n`])
      case 6:
      case 7:
        return `t(${name(place)} ${pick(['=', '+=', '??=', '&&='])} ${sub()})`
      case 8:
        return pick([
          `${name(place)}++`,
          `typeof ${name(place)}`,
          `!${name(place)}`,
          `!${name(place)}`,
          `void ${name(place)}`,
        ])
      case 9:
        return `(${sub()} ${pick(['+', '<', '===', '&&', '||', '??', ','])} ${sub()})`
      case 10:
        return `${name(place)}(${some(2, sub)})`
      case 11:
        return `call(${sub()}, ${sub()})`
      case 12:
      case 13:
        return `call(${name(place)}, ${sub()})`
      case 14:
        return arrow(inner)
      case 15:
        return `keep(${arrow(inner)})`
      case 16:
        return `(${functionText(inner, { id: pick(['', '', ...NAMES]), kinds: ['', '*', 'async '] })})`
      case 17:
        return `(${classText(inner, pick(['', ...NAMES]))})`
      case 18:
        return `({ x: ${sub()}, ${name(place)}, y: [${sub()}], ...${name(place)} })`
      case 19:
        return `({ ${methodText(inner, pick(['m', 'get x', '*[Symbol.iterator]']), { params: '' })}, ${pick(NAMES)}: ${sub()} })`
      case 20:
        return `[${sub()}, ${rarely(3) ? `...${name(place)}` : name(place)}]`
      case 21:
        return pick([
          `${name(place)}?.x`,
          `${name(place)}?.[${sub()}]`,
          `${name(place)}.x`,
          `${name(place)}?.(${sub()})`,
        ])
      case 22:
        return `(${sub()} ? ${sub()} : ${sub()})`
      case 23:
        return rarely(2) ? `\`${'$'}{${sub()}}\`` : `tag\`x${'$'}{${sub()}}\``
      case 24:
        return `new ${name(place)}(${sub()})`
      case 25: {
        if (place.isGenerator && rarely(2)) return rarely(4) ? `(yield* [${sub()}])` : `(yield ${sub()})`
        if (place.isAsync) return `(await ${sub()})`
        return rarely(2)
          ? `([${name(place)}, ${name(place)}] = [${sub()}, ${sub()}])`
          : `({ x: ${name(place)} } = { x: ${sub()} })`
      }
      default:
        if (place.isArrow || place.isTop === undefined) return 'typeof this'
        return pick([
          'typeof this',
          'typeof new.target',
          'arguments.length',
          'arguments[0]',
          `(arguments[0] = ${sub()})`,
        ])
    }
  }

  const isStrict = rarely(2)
  /** @type {Place} */
  const top = {
    blocks: [newBlock()],
    isStrict,
    isArrow: false,
    isAsync: rarely(4),
    isGenerator: false,
    loops: [],
    labels: [],
    isLoop: false,
    isBreakable: false,
    depth: 0,
    isDerived: false,
    isTop: true,
  }
  const body = statements(top, 8)
  const calls = NAMES.map(name => `try { t(call(call(${name}, 1), 2)); } catch (caught) { t(caught); }`)
  return `${isStrict ? "'use strict';\n" : ''}globalThis.main = ${top.isAsync ? 'async ' : ''}function () {\n${body}\n${calls.join('\n')}\n}`
}
