// How an extent is cut into tiles.

/// Number of tiles that cover `extent` elements: ⌈extent / tile⌉.
package func tileCount(_ extent: Int, _ tile: Int) -> Int { (extent + tile - 1) / tile }

/// The elements of tile `index`; the last tile may be smaller.
package func tileRange(_ index: Int, of extent: Int, by tile: Int) -> Range<Int> {
  let start = min(index * tile, extent)
  return start..<min(start + tile, extent)
}
