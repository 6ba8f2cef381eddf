import MarkdownIt from 'markdown-it'

export function run({ markdown }) {
  const md = new MarkdownIt({ html: true, linkify: true, typographer: true })
  return md.render(markdown)
}
