module.exports = () => 'toot'
