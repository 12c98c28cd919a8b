/** Writes how neurons read fields: a cell each, anywhere in a variable of a field. */
import type { Code, WasmFunction } from '../language/wasm/encoder.ts';

/** Pops an index (of four neurons, or one in f64 mode) and pushes the cells, counted from the address in a local. */
export function writeGather(
  code: Code,
  owner: WasmFunction,
  address: number,
  isVector: boolean,
): void {
  if (!isVector) {
    code.i32(3).op('i32.shl').get(address).op('i32.add').op('f64.load', 0);
    return;
  }
  const places = owner.local('v128', 'places');
  code.i32(2).op('i32x4.shl').get(address).op('i32x4.splat').op('i32x4.add').set(places);
  code.get(places).op('i32x4.extract_lane', 0).op('v128.load32_splat', 0);
  for (const lane of [1, 2, 3]) {
    code.get(places).op('i32x4.extract_lane', lane).op('f32.load', 0);
    code.op('f32x4.replace_lane', lane);
  }
}
