// What the page shows of numbers: a bar, a share, a sentence, the small picture.

export function bar({ name, share }, position) {
  const item = document.createElement("li"), made = {};
  item.className = position ? "" : "first";
  for (const part of ["label", "track", "share"]) {
    made[part] = item.appendChild(document.createElement("span"));
    made[part].className = part;
  }
  made.label.textContent = name;
  made.share.textContent = percent(share);
  const fill = made.track.appendChild(document.createElement("span"));
  fill.className = "fill";
  fill.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return item;
}

export function percent(share) {
  const value = share * 100;
  return `${value > 0 && value < 1 ? "<1" : value < 100 && value >= 99.5 ? ">99" : Math.round(value)} %`;
}

export function about({ shape, instance: given, white, classes }) {
  if (!shape) return `This model takes no picture but values of shape [${given}]: ask it from a terminal.`;
  const [height, width, channels] = shape;
  return `${classes.length} answers. It sees ${width} by ${height} ${channels === 3 ? "colour" : "grey"} pixels, from 0 to ${white}.`;
}

export function paint(seen, small, settings, swap) {
  const [height, width, channels] = settings.shape, context = seen.getContext("2d");
  [seen.width, seen.height] = [width, height];
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i += 1) {
    const rgb = [0, 1, 2].map((c) => small[i * 3 + c]);
    const grey = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    const shown = channels === 3 ? rgb : [grey, grey, grey];
    image.data.set([...shown.map((one) => (swap ? 255 - one : one)), 255], i * 4);
  }
  context.putImageData(image, 0, 0);
}
