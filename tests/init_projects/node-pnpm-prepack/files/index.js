export const cleats = (metres) => Math.ceil(metres / 5);
