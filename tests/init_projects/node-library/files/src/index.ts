export const ring = (radius: number) => 2 * Math.PI * radius
