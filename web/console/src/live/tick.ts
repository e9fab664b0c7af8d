/** The worker behind `ticker`: it only reports that half a second has passed. */
setInterval(() => postMessage(null), 500);
