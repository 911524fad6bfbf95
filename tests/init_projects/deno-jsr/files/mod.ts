export const height = (degrees: number): number => degrees * 60;
