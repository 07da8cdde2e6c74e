/**
 * Loaded before anything else when the product is started: React and Express choose by this name what they are, and what they are for
 * development is several times slower and tells strangers where an error came from. Whoever sets the name themselves is obeyed.
 */
process.env.NODE_ENV ||= 'production';
