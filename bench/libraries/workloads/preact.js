import { createContext, h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { useContext, useMemo, useState } from 'preact/hooks'
import { createShop } from './shop.js'

export function run({ rows }) {
  return renderToString(createShop({ h, createContext, useContext, useMemo, useState })(rows))
}
