/*
 * From the bytes of a stranger's file to a picture of ours, with libvips: decoded by the one loader that fits its first bytes,
 * bounded before a pixel is decoded, turned upright, brought to sRGB, made smaller, encoded as WebP without any metadata.
 * The one dangerous module of the house: it runs in a process of its own that can do nothing else (image/nursery).
 */
#pragma once
#include "base/span.h"
#include "image/picture.h"

bool decode_start(void); /* once a process, before anything is decoded; makes no thread */

/* Fills the picture or its verdict. The file must stay as it is meanwhile. */
void decode_picture(struct span file, struct picture *picture);
