/**
 * Draws the cloud with WebGL2. Places go to the GPU once, last spikes when they change, a colour per population and the
 * camera with every picture: nothing is computed per neuron on the page. Made again by its owner after a lost context.
 */
import type { Cloud } from './cloud.ts';
import { type ColourMapName, colourTable } from './colour-maps.ts';
import { FRAGMENT, VERTEX } from './gl-shaders.ts';
import type { Painter, Rgb, Scene, ValueLook } from './painter.ts';
import { REST, sizeAt } from './painter.ts';
import { fractionOf } from './value-scale.ts';

const UNIFORMS = [
  'right',
  'up',
  'toward',
  'centre',
  'scale',
  'eyeDistance',
  'radius',
  'step',
  'fadeSteps',
  'size',
  'mode',
  'triangle',
  'dark',
  'colour',
  'background',
  'rest',
] as const;
type Uniform = (typeof UNIFORMS)[number];

/** Neurons from which on a software WebGL2 is too slow: it takes 140 ms for 139,000, and a 2-D canvas 20. */
const MOST_IN_SOFTWARE = 20_000;

/** null where there is no WebGL2, or only a software one for a large cloud. */
export function createGlPainter(canvas: HTMLCanvasElement, cloud: Cloud): Painter | null {
  if (cloud.neurons > MOST_IN_SOFTWARE && isSoftware()) return null;
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: true });
  if (!gl) return null;
  const program = link(gl);
  const at = Object.fromEntries(
    UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]),
  ) as Record<Uniform, WebGLUniformLocation | null>;
  const buffers = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer()] as const;
  const [places, lastSpikes, shades] = buffers;
  const texture = gl.createTexture();
  const fractions = new Float32Array(cloud.neurons);
  let isActivityNew = true;
  let shownValues: ValueLook | null = null;
  let shownMap: ColourMapName | null = null;

  const vertices = gl.createVertexArray();
  gl.bindVertexArray(vertices);
  gl.bindBuffer(gl.ARRAY_BUFFER, places);
  gl.bufferData(gl.ARRAY_BUFFER, cloud.places, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 0, 0);
  gl.bindBuffer(gl.ARRAY_BUFFER, lastSpikes);
  gl.bufferData(gl.ARRAY_BUFFER, cloud.lastSpike.byteLength, gl.DYNAMIC_DRAW);
  gl.enableVertexAttribArray(1);
  gl.vertexAttribIPointer(1, 1, gl.UNSIGNED_INT, 0, 0);
  gl.bindBuffer(gl.ARRAY_BUFFER, shades);
  gl.bufferData(gl.ARRAY_BUFFER, fractions.byteLength, gl.DYNAMIC_DRAW);
  gl.enableVertexAttribArray(2);
  gl.vertexAttribPointer(2, 1, gl.FLOAT, false, 0, 0);

  function upload({ values }: Scene): void {
    if (!gl) return;
    if (isActivityNew) {
      gl.bindBuffer(gl.ARRAY_BUFFER, lastSpikes);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, cloud.lastSpike);
      isActivityNew = false;
    }
    if (values && values !== shownValues) {
      for (let k = 0; k < fractions.length; k++) {
        const fraction = fractionOf(values.values[k] as number, values.scale);
        fractions[k] = Number.isNaN(fraction) ? -2 : Math.max(-0.5, fraction);
      }
      gl.bindBuffer(gl.ARRAY_BUFFER, shades);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, fractions);
      if (values.map !== shownMap) putColours(gl, texture, values.map);
      shownMap = values.map;
    }
    shownValues = values;
  }

  function setCamera({ lens, pixelRatio, size }: Scene, zoom: number): void {
    if (!gl) return;
    gl.uniform3f(at.right, ...lens.right);
    gl.uniform3f(at.up, ...lens.up);
    gl.uniform3f(at.toward, ...lens.toward);
    gl.uniform3f(at.centre, ...lens.centre);
    gl.uniform2f(
      at.scale,
      (2 * lens.pixelsPerUm) / lens.width,
      (2 * lens.pixelsPerUm) / lens.height,
    );
    gl.uniform1f(at.eyeDistance, Number.isFinite(lens.distance) ? lens.distance : 0);
    gl.uniform1f(at.radius, lens.radius);
    gl.uniform1f(at.size, sizeAt(size, zoom) * pixelRatio);
  }

  function drawAll({ looks }: Scene, mode: 0 | 1 | 2): void {
    if (!gl) return;
    gl.uniform1i(at.mode, mode);
    for (const [index, { first, size, placed }] of cloud.populations.entries()) {
      const look = looks[index];
      if (!placed || !look?.shown) continue;
      gl.uniform3f(at.colour, ...unit(look.rgb));
      gl.uniform1i(at.triangle, look.mark === '▲' ? 1 : 0);
      gl.drawArrays(gl.POINTS, first, size);
    }
  }

  return {
    activityChanged() {
      isActivityNew = true;
    },
    paint(scene) {
      if (gl.isContextLost()) return;
      const background = unit(scene.background);
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(...background, 1);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.useProgram(program);
      gl.bindVertexArray(vertices);
      upload(scene);
      setCamera(scene, scene.zoom);
      gl.uniform1ui(at.step, cloud.step);
      gl.uniform1f(at.fadeSteps, scene.fadeSteps);
      gl.uniform1i(at.dark, scene.dark ? 1 : 0);
      gl.uniform1f(at.rest, scene.dark ? REST.dark : REST.light);
      gl.uniform3f(at.background, ...background);
      gl.enable(gl.DEPTH_TEST);
      gl.disable(gl.BLEND);
      drawAll(scene, scene.values ? 1 : 0);
      if (scene.values) return;
      gl.enable(gl.BLEND);
      if (scene.dark) {
        // Light adds up, in any order.
        gl.disable(gl.DEPTH_TEST);
        gl.blendFunc(gl.ONE, gl.ONE);
      } else {
        // Through those at rest, but not through each other.
        gl.clear(gl.DEPTH_BUFFER_BIT);
        gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      }
      drawAll(scene, 2);
    },
    destroy() {
      for (const buffer of buffers) gl.deleteBuffer(buffer);
      gl.deleteTexture(texture);
      gl.deleteVertexArray(vertices);
      gl.deleteProgram(program);
    },
  };
}

/** Asked on a canvas of its own: one that has WebGL cannot have another context. */
function isSoftware(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return true;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}

const unit = ([red, green, blue]: Rgb): [number, number, number] => [
  red / 255,
  green / 255,
  blue / 255,
];

function putColours(
  gl: WebGL2RenderingContext,
  texture: WebGLTexture | null,
  map: ColourMapName,
): void {
  gl.bindTexture(gl.TEXTURE_2D, texture);
  const table = new Uint8Array(colourTable(map));
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, table);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, code] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(kind) as WebGLShader;
    gl.shaderSource(shader, code);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    // Deleted with the program.
    gl.deleteShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
      throw new Error(`internal: a shader of the cloud: ${gl.getShaderInfoLog(shader)}\n${code}`);
    }
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`internal: shaders of the cloud: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}
