/** How many ships are needed for so many people. */
export const ships = (people) => Math.ceil(people / 40);
