/** Whether a process of this machine runs. One that has ended, but that nobody has waited for, does not. */
export function alive(pid: number): boolean
