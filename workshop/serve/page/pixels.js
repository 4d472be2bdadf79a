// Pictures become numbers here and nowhere else: pure functions, no page.

// Return the share with which each of `from` cells counts for each of `to` cells.
function shares(from, to) {
  const step = from / to;
  return Array.from({ length: to }, (_, cell) => {
    const begin = cell * step, end = begin + step, found = [];
    for (let i = Math.floor(begin); i < Math.min(from, Math.ceil(end - 1e-9)); i += 1) {
      found.push([i, (Math.min(i + 1, end) - Math.max(i, begin)) / step]);
    }
    return found;
  });
}

// Return a picture of another size in which each pixel is the mean of the area below it.
// `pixels` is RGBA as a canvas gives it; the result is a Float64Array of rows of RGB.
export function shrink(pixels, fromWidth, fromHeight, toWidth, toHeight) {
  const across = shares(fromWidth, toWidth), down = shares(fromHeight, toHeight);
  const narrow = new Float64Array(fromHeight * toWidth * 3);
  for (let y = 0; y < fromHeight; y += 1) {
    for (let x = 0; x < toWidth; x += 1) {
      for (const [i, share] of across[x]) {
        for (let c = 0; c < 3; c += 1) {
          narrow[(y * toWidth + x) * 3 + c] += share * pixels[(y * fromWidth + i) * 4 + c];
        }
      }
    }
  }
  const small = new Float64Array(toHeight * toWidth * 3);
  for (let y = 0; y < toHeight; y += 1) {
    for (const [i, share] of down[y]) {
      for (let k = 0; k < toWidth * 3; k += 1) {
        small[y * toWidth * 3 + k] += share * narrow[i * toWidth * 3 + k];
      }
    }
  }
  return small;
}

// Return the largest part of a picture, from its middle, that has the model's shape.
export function middle(width, height, toWidth, toHeight) {
  const scale = Math.min(width / toWidth, height / toHeight);
  const w = toWidth * scale, h = toHeight * scale;
  return { x: (width - w) / 2, y: (height - h) / 2, w, h };
}

// Return one instance: nested as the model takes it, grey by the weights of BT.601.
export function instance(rgb, settings, swap) {
  const [height, width, channels] = settings.shape;
  const value = (level) => {
    const scaled = ((swap ? 255 - level : level) / 255) * settings.white;
    return settings.white > 2 ? Math.round(scaled) : Math.round(scaled * 1e4) / 1e4;
  };
  const cell = (i) => channels === 3
    ? [value(rgb[i * 3]), value(rgb[i * 3 + 1]), value(rgb[i * 3 + 2])]
    : value(0.299 * rgb[i * 3] + 0.587 * rgb[i * 3 + 1] + 0.114 * rgb[i * 3 + 2]);
  const cells = Array.from({ length: height * width }, (_, i) => cell(i));
  if (settings.instance.length === 1) return cells;
  const keep = settings.instance.length === 3 && channels === 1 ? (one) => [one] : (one) => one;
  return Array.from({ length: height }, (_, y) =>
    cells.slice(y * width, (y + 1) * width).map(keep));
}

// Return a probability for each class from one row of outputs, scores or probabilities.
export function probabilities(row, logits) {
  const values = (Array.isArray(row) ? row : [row]).map(Number);
  if (values.length === 1) {
    const scores = logits ?? (values[0] < 0 || values[0] > 1);
    const yes = scores ? 1 / (1 + Math.exp(-values[0])) : values[0];
    return [1 - yes, yes];
  }
  const sum = values.reduce((a, b) => a + b, 0);
  const scores = values.some((one) => one < 0) || (logits && Math.abs(sum - 1) > 0.01);
  if (!scores) return values;
  const most = Math.max(...values), powers = values.map((one) => Math.exp(one - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((one) => one / total);
}
