// Sizes of pictures.

/** The largest size of the same shape that fits into the limit and is not larger than the picture itself. */
export function fitInto({ width, height }, limit) {
  const scale = Math.min(1, limit.width / width, limit.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
