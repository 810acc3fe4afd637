export const target: (value: unknown) => boolean
export const results: (value: unknown) => boolean
