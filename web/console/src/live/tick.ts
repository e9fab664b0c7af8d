/** The worker behind `ticker`: it only tells that half a second has passed. */
setInterval(() => postMessage(null), 500)
