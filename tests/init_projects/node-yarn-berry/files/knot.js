const ms = require("ms");

/** Knots in so many minutes. */
exports.knots = (minutes) => ms(`${minutes}m`) / ms("20s");
