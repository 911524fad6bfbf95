exports.title = (name) => `Hello, ${name}`;
