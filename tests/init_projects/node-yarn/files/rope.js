const ms = require("ms");

/** How long a rope lasts that is used so often a day. */
exports.lasts = (uses) => ms(ms("30d") / uses, { long: true });
