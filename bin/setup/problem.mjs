/** An error that tells the user what is wrong and what to do next; shown without a stack. */
export const problem = (message, next) => Object.assign(new Error(message), { next })
