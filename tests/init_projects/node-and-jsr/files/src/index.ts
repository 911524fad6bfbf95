export const flags = ["alfa", "bravo"];
