/**
 * Words that WGSL keeps for itself (W3C WGSL, sections "Keywords", "Reserved Words", predeclared types and built-in
 * functions), so that users may name a variable `target`, `step` or `active`. Not the names that our own shaders use:
 * gpu/shaders.ts finds those in the shader text.
 */

const KEYWORDS = `alias break case const const_assert continue continuing default diagnostic discard else enable false
fn for if let loop override requires return struct switch true var while`;

const RESERVED = `NULL Self abstract active alignas alignof as asm asm_fragment async attribute auto await become
binding_array cast catch class co_await co_return co_yield coherent column_major common compile compile_fragment concept
const_cast consteval constexpr constinit crate debugger decltype delete demote demote_to_helper do dynamic_cast enum
explicit export extends extern external fallthrough filter final finally friend from fxgroup get goto groupshared
highp impl implements import inline instanceof interface layout lowp macro macro_rules match mediump meta mod module
move mut mutable namespace new nil noexcept noinline nointerpolation non_coherent noncoherent noperspective null
nullptr of operator package packoffset partition pass patch pixelfragment precise precision premerge priv protected
pub public readonly ref regardless register reinterpret_cast require resource restrict self set shared sizeof smooth
snorm static static_assert static_cast std subroutine super target template this thread_local throw trait try type
typedef typeid typename typeof union unless unorm unsafe unsized use using varying virtual volatile wgsl where with
writeonly yield`;

const PREDECLARED = `array atomic bool f16 f32 i32 u32 mat2x2 mat2x2f mat2x3 mat2x4 mat3x2 mat3x3 mat3x3f mat3x4 mat4x2
mat4x3 mat4x4 mat4x4f ptr sampler sampler_comparison vec2 vec2f vec2i vec2u vec3 vec3f vec3i vec3u vec4 vec4f vec4i
vec4u function private workgroup uniform storage read write read_write abs acos acosh all any arrayLength asin asinh
atan atan2 atanh bitcast ceil clamp cos cosh countLeadingZeros countOneBits countTrailingZeros cross degrees
determinant distance dot dpdx dpdy exp exp2 extractBits faceForward firstLeadingBit firstTrailingBit floor fma fract
frexp fwidth insertBits inverseSqrt ldexp length log log2 max min mix modf normalize pow quantizeToF16 radians reflect
refract reverseBits round saturate sign sin sinh smoothstep sqrt step storageBarrier tan tanh transpose trunc
textureBarrier workgroupBarrier workgroupUniformLoad select unpack2x16float atomicAdd atomicLoad atomicMin atomicStore`;

export const WGSL_WORDS: ReadonlySet<string> = new Set(
  `${KEYWORDS} ${RESERVED} ${PREDECLARED}`.split(/\s+/),
);

/**
 * A user's name as a WGSL identifier that collides with none of `taken`: unchanged where possible, otherwise with an
 * underscore behind it; WGSL forbids `_` and names that begin with two underscores, which get a `u` in front.
 */
export function wgslName(name: string, taken: ReadonlySet<string>): string {
  let result = name === '_' || name.startsWith('__') ? `u${name}` : name;
  while (taken.has(result)) result += '_';
  return result;
}
