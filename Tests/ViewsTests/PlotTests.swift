// A plot as a drawing: lines of dots, letters, axes with labels, and a legend.

import Canvas
import Testing

@testable import Library
@testable import Runs
@testable import Views

@Suite("A plot")
struct PlotTests {
  private func plot(_ ys: [[Double?]], isLogarithmic: Bool = true) -> Plot {
    var plot = Plot(title: "seconds (s)", xName: "n", yUnit: "s", isLogarithmic: isLogarithmic)
    plot.ticks = [64, 128, 256]
    for (values, name) in zip(ys, ["first", "second"]) {
      let points = zip(plot.ticks, values).map { Plot.Point(x: $0, y: $1) }
      plot.series.append(Plot.Series(name: name, points: points))
    }
    return plot
  }

  @Test("with logarithmic axes shows a power law as a straight line")
  func logarithmic() {
    let canvas = plot([[1e-5, 1e-4, 1e-3], [1e-5, 1e-5, nil]]).canvas(width: 44, height: 12)
    #expect(canvas.lines == plotLines, "\(canvas.lines.joined(separator: "\n"))")
    #expect(canvas.inkLines[4].contains("l") && canvas.inkLines[8].contains("s"))
  }

  @Test("without dots that a terminal lacks is the same picture")
  func ascii() {
    let canvas = plot([[1e-5, 1e-4, 1e-3]]).canvas(width: 44, height: 12).asciiOnly
    #expect(canvas.lines.allSatisfy { $0.allSatisfy(\.isASCII) })
    #expect(!canvas.lines.joined().contains("?"))
  }

  @Test("keeps its size, whatever is in it")
  func sizes() {
    let cases: [[[Double?]]] = [
      [[nil, nil, nil]], [[0, 0, 0]], [[5, 5, 5], [-1, 0, 1]], [[1, nil, 3]],
    ]
    for values in cases {
      for isLogarithmic in [true, false] {
        let canvas = plot(values, isLogarithmic: isLogarithmic).canvas(width: 80, height: 22)
        #expect(canvas.width == 80 && canvas.height == 22)
        #expect(canvas.lines[0].contains("seconds (s)"))
      }
    }
    let empty = plot([[nil, nil, nil]]).canvas(width: 80, height: 22)
    #expect(empty.lines[2].contains("no point has a value"))
  }

  @Test("on a narrow screen names every series whole")
  func narrow() {
    var plot = plot([[1, 2, 3], [3, 2, 1]])
    plot.series[0].name = "flash-attention-2 (out of memory from 16384)"
    plot.series[1].name = "standard-attention"
    for width in [1, 5, 12, 20, 30, 39, 80] {
      let lines = plot.canvas(width: width, height: 22).lines
      guard width >= 12 else { continue }
      let text = lines.joined().filter { $0 != " " }
      #expect(text.contains("flash-attention-2(outofmemoryfrom16384)"), "\(width)")
      #expect(text.contains("standard-attention"))
    }
  }

  @Test("draws what has a place, and leaves out what has none")
  func unplaced() {
    let canvas = plot([[1, .infinity, .nan], [.infinity, nil, -.infinity]]).canvas(
      width: 60, height: 20)
    #expect(canvas.lines.joined().contains("A"))
    let odd = plot([[1e308, 1e-308, 5], [1e300, 2e300, 3]]).canvas(width: 60, height: 20)
    #expect(odd.width == 60)
    _ = plot([[2.3e-308, 2.4e-308, 1]], isLogarithmic: false).canvas(width: 60, height: 20)
  }

  @Test(
    "has ticks at 1, 2, 5 and their tens, or at powers of ten",
    arguments: [(20.0, 1700.0), (63, 630), (0.17, 60), (27, 860), (1, 1e9), (3e9, 8e14), (52, 353)])
  func roundTicks(low: Double, high: Double) {
    for count in 1...9 {
      let ticks = PlotAxis([low, high], isLogarithmic: true).ticks(count)
      #expect(ticks.count <= count + 1)
      for tick in ticks {
        let text = engineering(tick, "")
        let digits = text.prefix { $0.isNumber || $0 == "." }.filter { $0 != "0" && $0 != "." }
        #expect(["1", "2", "5"].contains(String(digits)), "\(text)")
      }
    }
  }

  @Test(
    "labels have three digits at most",
    arguments: [
      (1.5e-3, "s", "1.5 ms"), (40.26e9, "B", "40.3 GB"), (512, "", "512"), (1e-7, "s", "100 ns"),
      (0.999_96e-3, "s", "1 ms"), (0, "s", "0 s"), (0.42, "", "0.42"), (2, "×", "2×"),
      (65536, "", "65.5 k"), (191.6, "TFLOP/s", "192 TFLOP/s"), (-3, "", "-3"),
    ])
  func labels(value: Double, unit: String, text: String) {
    #expect(engineering(value, unit) == text)
  }
}

private let plotLines = [
  "seconds (s), over n, log-log",
  "     1 ms ┤                              ⢀⡠A",
  "          │                          ⣀⠤⠒⠊⠁",
  "          │                     ⢀⡠⠔⠒⠉",
  "   100 µs ┤                A⣀⠤⠒⠉⠁",
  "          │            ⣀⡠⠔⠊⠉",
  "          │       ⢀⣀⠤⠒⠉",
  "          │   ⣀⠤⠔⠊⠁",
  "    10 µs ┤AB⠭⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤B",
  "          └┴───────────────┴───────────────┴",
  "n         64              128            256",
  "A first   B second",
]
