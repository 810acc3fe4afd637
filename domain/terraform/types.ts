/** A variable's type constraint: conversion of primitives and defaults of optional() attributes. */

import { parseTemplate } from './template.ts'
import { isList, isObject } from './value.ts'
import type { Node } from './node.ts'
import type { Value } from './value.ts'

/** type: what hcl2json gives, "${object({ a = optional(number, 3) })}". */
export function conform(value: Value, type: unknown, evaluate: (node: Node) => Value): Value {
  return typeof type === 'string' && type.startsWith('${') ? fit(value, parseTemplate(type), evaluate) : value
}

function fit(value: Value, type: Node, evaluate: (node: Node) => Value): Value {
  if (value === null) return null
  if (type.kind === 'name') {
    if (type.name === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
    if (type.name === 'number' && typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) return Number(value)
    return type.name === 'bool' && (value === 'true' || value === 'false') ? value === 'true' : value
  }
  const [inner] = type.kind === 'call' ? type.items : []
  if (type.kind !== 'call' || !inner) return value
  if (isList(value)) return type.name === 'list' || type.name === 'set' ? value.map(item => fit(item, inner, evaluate)) : value
  if (!isObject(value)) return value
  if (type.name === 'map') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fit(item, inner, evaluate)]))
  if (type.name !== 'object' || inner.kind !== 'object') return value
  return Object.fromEntries(inner.entries.flatMap(([key, wanted]): [string, Value][] => {
    const name = key.kind === 'literal' ? String(key.value) : key.text
    const optional = wanted.kind === 'call' && wanted.name === 'optional'
    const of = optional ? (wanted.items[0] ?? wanted) : wanted
    if (Object.hasOwn(value, name) && value[name] !== null) return [[name, fit(value[name] ?? null, of, evaluate)]]
    const otherwise = optional && wanted.items[1] ? evaluate(wanted.items[1]) : null
    return optional || Object.hasOwn(value, name) ? [[name, otherwise]] : []
  }))
}
