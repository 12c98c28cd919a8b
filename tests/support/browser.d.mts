/** Path of a Chromium that starts; `say` is told, in a sentence, whatever had to be done to get it. */
export function findBrowser(say?: (text: string) => void): Promise<string>;
/** Environment in which Node's WebGPU finds the system's Vulkan drivers and the browser's software driver. */
export function vulkanEnvironment(
  executable: string,
  say?: (text: string) => void,
  environment?: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined>;
