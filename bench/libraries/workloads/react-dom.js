import { createContext, createElement as h, useContext, useMemo, useState } from 'react'
import { renderToString } from 'react-dom/server'
import { createShop } from './shop.js'

export function run({ rows }) {
  return renderToString(createShop({ h, createContext, useContext, useMemo, useState })(rows))
}
