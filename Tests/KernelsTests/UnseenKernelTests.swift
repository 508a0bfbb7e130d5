// Kernels that are not shipped, as a new author might write them: what they compute, what they move, and
// that a shipped text in a file is the shipped kernel.

import Foundation
import Kernels
import Machine
import Notation
import Testing

@testable import Library

@Suite("Kernels of other authors")
struct UnseenKernelTests {
  private func kernel(_ text: String) throws -> Kernel {
    try Kernel(Array(text.utf8), stem: "mine", size: text.utf8.count)
  }

  private func proof(_ text: String) throws -> Proof {
    try kernel(text).proof(on: DeviceLibrary.find("classroom").device)
  }

  /// O goes to HBM and comes back at every tile of keys; l and m stay.
  private static let outputInHBM = """
    kernel output-in-hbm
    in     Q[N,d] K[Nk,d] V[Nk,dv]
    out    O[N,dv]
    tile   N by Br, Nk by Bc
    launch attention, a block for each i of N
      load q = Q[i]
      l = 0; m = -inf
      for each j of Nk that i sees
        load k = K[j], v = V[j], o = O[i] or 0
        s = mask(scale * q @ k.T)
        n = max(m, rowmax(s))
        p = exp(s - n)
        α = exp(m - n)
        z = α * l + rowsum(p)
        o = (α * l * o + drop(p) @ v) / z
        l = z
        m = n
        store O[i] = o
    moves
      Q reads N·d   K reads Tr·Nk·d   V reads Tr·Nk·dv
      O reads (Tc-1)·N·dv writes Tc·N·dv
    """

  /// The statistics in one launch, the values in the next.
  private static let twoLaunches = """
    kernel two-launches
    in     Q[N,d] K[Nk,d] V[Nk,dv]
    out    O[N,dv]
    hbm    L[N]
    tile   N by Br, Nk by Bc
    launch statistics, a block for each i of N
      load q = Q[i]
      l = 0; m = -inf
      for each j of Nk that i sees
        load k = K[j]
        s = mask(scale * q @ k.T)
        n = max(m, rowmax(s))
        α = exp(m - n)
        l = α * l + rowsum(exp(s - n))
        m = n
      store L[i] = m + log(l)
    launch values, a block for each i of N
      load q = Q[i], L = L[i]
      o = 0
      for each j of Nk that i sees
        load k = K[j], v = V[j]
        s = mask(scale * q @ k.T)
        p = exp(s - L)
        o = o + drop(p) @ v
      store O[i] = o
    """

  /// K and V once for each row block that sees them; the division in a launch of its own.
  private static let keysOuter = """
    kernel keys-outer
    in     Q[N,d] K[Nk,d] V[Nk,dv]
    out    O[N,dv]
    hbm    l[N] m[N]
    tile   N by Br, Nk by Bc
    launch attention, a block for each head
      for each j of Nk
        load k = K[j], v = V[j]
        for each i of N that sees j
          load q = Q[i], o = O[i] or 0, l = l[i] or 0, m = m[i] or -inf
          s = mask(scale * q @ k.T)
          n = max(m, rowmax(s))
          p = exp(s - n)
          α = exp(m - n)
          l = α * l + rowsum(p)
          o = α * o + p @ v
          store O[i] = o, l[i] = l, m[i] = n
    launch divide, a block for each i of N
      load o = O[i], l = l[i]
      store O[i] = o / l
    """

  @Test(
    "Attention by other loops is exact, under every mask, with shared heads and rows nobody sees",
    arguments: [outputInHBM, twoLaunches, keysOuter])
  func attention(text: String) throws {
    let proof = try proof(text)
    #expect(proof.diagnostics.isEmpty, "\(proof.diagnostics)")
    #expect(proof.problems == 14)
    #expect(try #require(proof.largestError) < 1e-6)
  }

  @Test("C = AᵀB and C = ABᵀ are exact, as the text declares A and B")
  func transposed() throws {
    for (a, b, product) in [
      ("A[k,m]", "B[k,n]", "load x = A[p,i], y = B[p,j]; z = z + x.T @ y"),
      ("A[m,k]", "B[n,k]", "load x = A[i,p], y = B[j,p]; z = z + x @ y.T"),
    ] {
      let proof = try proof(
        """
        kernel product
        in     \(a) \(b)
        out    C[m,n]
        tile   m by bm, n by bn, k by bk
        launch product, a block for each i of m, j of n
          z = 0
          for each p of k
            \(product)
          store C[i,j] = z
        moves
          A reads m·k·⌈n/bn⌉   B reads k·n·⌈m/bm⌉   C writes m·n
        """)
      #expect(proof.diagnostics.isEmpty, "\(proof.diagnostics)")
      #expect(try #require(proof.largestError) < 1e-6)
    }
  }

  @Test("Weights without values are those of the direct formula, at any size of tiles")
  func weights() throws {
    let kernel = try kernel(
      """
      kernel weights
      in     Q[N,d] K[Nk,d]
      out    P[N,Nk]
      tile   N by Br, Nk by Bc
      launch weights, a block for each i of N
        load q = Q[i]
        l = 0; m = -inf
        for each j of Nk
          load k = K[j]
          s = mask(scale * q @ k.T)
          n = max(m, rowmax(s))
          l = exp(m - n) * l + rowsum(exp(s - n))
          m = n
        for each j of Nk
          load k = K[j]
          s = mask(scale * q @ k.T)
          store P[i,j] = exp(s - m) / l
      """)
    for (n, nk, rows, columns) in [(13, 11, 4, 3), (1, 1, 8, 8), (6, 20, 6, 20)] {
      for rule in [Mask.Rule.none, .causal] {
        let problem = AttentionProblem(queries: n, keys: nk, d: 5, heads: 2, maskRule: rule)
        let inputs = Problem.attention(problem).seededInputs(4)
        let run = try Finished(
          kernel, .attention(problem), Mapping(rows: rows, columns: columns, depth: 1),
          inputs: inputs)
        let reference = Reference(problem, inputs: inputs)
        let found = try #require(run["P"])
        for plane in 0..<2 {
          for row in 0..<n {
            let exact = reference.weights(plane: plane, row: row)
            for key in 0..<nk {
              #expect(abs(Double(found[plane, row, key]) - exact[key]) < 1e-6)
            }
          }
        }
      }
    }
  }

  @Test(
    "A shipped text in a file is the shipped kernel, but for its name",
    arguments: Catalogue.kernels.map(\.name))
  func same(name: String) throws {
    let shipped = Catalogue[name]
    let text = try #require(Catalogue.text(of: name))
    let mine = try Kernel(text, stem: "mine", size: text.count)
    #expect(mine.name == "mine" && mine.original == name)
    let problem: Problem =
      shipped.isMatmul
      ? .matmul(MatmulProblem(m: 9, n: 5, k: 7))
      : .attention(
        AttentionProblem(queries: shipped.text.isSelfAttention ? 20 : 13, keys: 20, d: 5, dv: 7)
          .going(.both))
    let mapping = Mapping(rows: 4, columns: 6, depth: 3)
    let runs = try [shipped, mine].map {
      try Finished($0, problem, mapping, inputs: problem.seededInputs(1))
    }
    let logs = runs.map { run in run.recording.events.map { run.recording.line(of: $0) } }
    #expect(logs[0] == logs[1])
    #expect(runs[0].plan.traffic == runs[1].plan.traffic)
    // One changed line, and nothing is known of it any more.
    let changed = String(decoding: text, as: UTF8.self).replacing(
      "\nlaunch ", with: "\nlaunch x", maxReplacements: 1)
    #expect(try kernel(changed).original == nil)
  }
}
