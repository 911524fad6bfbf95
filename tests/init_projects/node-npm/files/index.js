exports.fold = (sheets) => sheets * 8;
