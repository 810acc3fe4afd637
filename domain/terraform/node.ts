/** The tree of a Terraform expression. https://developer.hashicorp.com/terraform/language/expressions */

export type Node = { readonly text: string } & (
  | { readonly kind: 'literal'; readonly value: null | boolean | number | string }
  | { readonly kind: 'template' | 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Node, Node])[] }
  | { readonly kind: 'name'; readonly name: string } // root of a traversal; '*' is the element of a splat
  | { readonly kind: 'attribute'; readonly of: Node; readonly name: string }
  | { readonly kind: 'index'; readonly of: Node; readonly key: Node }
  | { readonly kind: 'splat'; readonly of: Node; readonly each: Node }
  | { readonly kind: 'call'; readonly name: string; readonly items: readonly Node[]; readonly spread: boolean }
  | { readonly kind: 'for'; readonly names: readonly string[]; readonly over: Node; readonly key?: Node; readonly body: Node; readonly when?: Node
    readonly group: boolean }
  | { readonly kind: 'conditional'; readonly test: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node })

type Shape<N> = N extends Node ? Omit<N, 'text'> : never
export type NodeShape = Shape<Node>

export const literal = (value: null | boolean | number | string, text = JSON.stringify(value)): Node => ({ kind: 'literal', value, text })

/** The nodes directly below a node. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal': case 'name': return []
    case 'template': case 'list': case 'call': return node.items
    case 'object': return node.entries.flat()
    case 'attribute': case 'unary': return [node.of]
    case 'index': return [node.of, node.key]
    case 'splat': return [node.of, node.each]
    case 'for': return [node.over, ...(node.key ? [node.key] : []), node.body, ...(node.when ? [node.when] : [])]
    case 'conditional': return [node.test, node.yes, node.no]
    case 'binary': return [node.left, node.right]
  }
}
