/**
 * Shaders of the point cloud (GLSL ES 3.00). One vertex is a neuron. Two passes: neurons at rest (or coloured by a value)
 * with depth, then those that spiked lately, which shine through what is before them.
 */

export const VERTEX = `#version 300 es
precision highp float;
precision highp int;
layout(location = 0) in vec3 place;     // µm
layout(location = 1) in uint lastSpike; // step after the last spike; 0: never
layout(location = 2) in float value;    // fraction of the colour bar; below -1: none
uniform vec3 right;
uniform vec3 up;
uniform vec3 toward;
uniform vec3 centre;
uniform vec2 scale;         // clip units per µm in the plane of the centre
uniform float eyeDistance;  // µm; 0: no perspective
uniform float radius;       // µm
uniform uint step;
uniform float fadeSteps;
uniform float size;         // device pixels
uniform int mode;           // 0 at rest, 1 by value, 2 activity
out float glow;
out float near;
out float shade;
out float diameter;

const float LEAST = 0.02;

void main() {
  vec3 away = place - centre;
  vec3 seen = vec3(dot(right, away), dot(up, away), dot(toward, away));
  float w = eyeDistance > 0.0 ? max(0.05, 1.0 - seen.z / eyeDistance) : 1.0;
  // What is nearer to the eye is in front; without depth, chance decides and not the order of populations.
  float order = eyeDistance > 0.0
    ? -seen.z / (3.0 * radius)
    : fract(float(gl_VertexID) * 0.6180339887) - 0.5;
  gl_Position = vec4(seen.xy * scale, order * w, w);
  near = clamp(0.5 + seen.z / (2.0 * radius), 0.0, 1.0);
  glow = lastSpike == 0u ? 0.0 : exp(-float(step - min(step, lastSpike)) / fadeSteps);
  shade = value;
  diameter = size / w;
  if (mode == 2) {
    diameter *= 1.0 + 1.2 * glow;
    if (glow < LEAST) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  }
  gl_PointSize = max(1.0, diameter);
}
`;

export const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
in float glow;
in float near;
in float shade;
in float diameter;
uniform int mode;
uniform bool triangle;
uniform bool dark;
uniform vec3 colour;
uniform vec3 background;
uniform float rest;         // share of its colour that a neuron at rest has
uniform sampler2D colours;  // 256 x 1
out vec4 result;

void main() {
  // Small points are squares: there is no shape to see.
  vec2 at = 2.0 * gl_PointCoord - 1.0;
  float edge = 1.0;
  if (diameter >= 3.0) {
    // Triangles point upwards; gl_PointCoord has y downwards.
    float beyond = triangle
      ? max(at.y - 0.75, 0.894 * abs(at.x) - 0.447 * (at.y + 1.0))
      : length(at) - 1.0;
    edge = clamp(0.5 - beyond * diameter * 0.5, 0.0, 1.0);
    if (edge <= 0.0) discard;
  }
  // Far points sink into the background, by at most a third.
  float fog = 0.65 + 0.35 * near;
  if (mode == 0) {
    if (edge < 0.5) discard;
    result = vec4(mix(background, colour, rest * fog), 1.0);
  } else if (mode == 1) {
    if (edge < 0.5) discard;
    vec3 shown = shade < -1.0
      ? vec3(0.5)
      : texture(colours, vec2((clamp(shade, 0.0, 1.0) * 255.0 + 0.5) / 256.0, 0.5)).rgb;
    result = vec4(mix(background, shown, 0.8 + 0.2 * near), 1.0);
  } else {
    // Premultiplied. In the dark a spike begins nearly white; in the light it is the full colour.
    vec3 shown = dark ? mix(colour, vec3(1.0), 0.55 * glow * glow) : colour;
    float opaque = glow * edge * fog;
    result = vec4(shown * opaque, opaque);
  }
}
`;
