// How an extent is cut into tiles.

/// ⌈extent / tile⌉, and 0 for nothing.
package func tileCount(_ extent: Int, _ tile: Int) -> Int { (extent + tile - 1) / tile }

/// The `index`th run of `tile` elements out of `extent`; the last may be shorter.
package func tileRange(_ index: Int, of extent: Int, by tile: Int) -> Range<Int> {
  let start = min(index * tile, extent)
  return start..<min(start + tile, extent)
}
