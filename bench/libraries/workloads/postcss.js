import postcss from 'postcss'

const double = {
  postcssPlugin: 'double',
  OnceExit(root) {
    root.walkDecls(/size|margin|padding/, declaration => {
      declaration.value = declaration.value.replace(/[\d.]+/g, number => `${number * 2}`)
    })
  },
  Rule(rule) {
    if (rule.selector === 'button' && rule.nodes.length < 9) rule.append({ prop: '--seen', value: 'yes' })
  },
}

export function run({ css }) {
  const root = postcss.parse(css, { from: 'a.css' })
  const selectors = []
  root.walkRules(rule => selectors.push(...rule.selectors))
  const result = postcss([double]).process(root.toString(), { from: 'a.css', map: false })
  return result.css + selectors
}
