export const stormPicture = seconds => JSON.stringify(seconds)
