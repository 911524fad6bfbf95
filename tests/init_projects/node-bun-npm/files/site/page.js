console.log("fenders")
