/** Made by `npm run assets`: a checksum of each file of the dashboard. */
export const HASHES = { 'style.css': 'a9b4205f', 'script.js': '782ecac9', 'icon.svg': '73e12a50' }
