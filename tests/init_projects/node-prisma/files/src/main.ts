export const sum = (all: number[]) => all.reduce((a, b) => a + b, 0)
