// `Documentation/trust.md`: how far the model is from what was measured, and what it leaves out. Made by `make trust`.

import Foundation
import Library
import Machine
import Studies

/// The page, with all numbers from this reproduction.
package func trustPage(_ reproduction: Reproduction) -> String {
  let pairs = reproduction.pairs
  var lines = [
    "# How far can you trust it?", "",
    "This page is made by `make trust` from `tilewalk reproduce`. It compares the model with every published time that it can",
    "predict. Nothing is fitted to these rows: each constant of a device has a source in `Devices/`. In `measured.csv` rows",
    "with fewer than 512 words are left out, because there the launches take longer than the kernels.",
    "",
    "| file | rows | mean error | bias |", "|---|---|---|---|",
  ]
  lines += reproduction.errorsByFile.map { "| `\($0.file)` \(figures($0))" }
  lines += [
    "",
    "A bias is that of the time: above 0 the model is too slow. Of two kernels on the same problem, the model names the faster one in \(pairs.count(where: \.agrees)) of \(pairs.count) pairs.",
    "", "## By kernel, device and pass", "",
    "| file | kernel | device | pass | rows | mean error | bias |", "|---|---|---|---|---|---|---|",
  ]
  lines += reproduction.errorsByKernel.map {
    "| `\($0.file)` | \($0.kernel ?? "") | \($0.device ?? "") | \($0.pass ?? "") \(figures($0))"
  }
  lines += [
    "", "## By shape", "", "| kernel | device | pass | d | mask | rows | mean error | bias |",
    "|---|---|---|---|---|---|---|---|",
  ]
  lines += reproduction.errorsByShape.map {
    "| \($0.kernel ?? "") | \($0.device ?? "") | \($0.pass ?? "") | \($0.d ?? 0) | \($0.isCausal == true ? "causal" : "none") \(figures($0))"
  }
  lines += [
    "", "## By card", "", "| file | device | rows | mean error | bias |", "|---|---|---|---|---|",
  ]
  lines += reproduction.errorsByDevice.map {
    "| `\($0.file)` | \($0.device ?? "") \(figures($0))"
  }
  lines += ["", "## The worst", "", "| row | error | cause |", "|---|---|---|"]
  lines += reproduction.worst.map {
    "| `\($0.published.id)` | \(signed($0.errorPercent ?? 0)) | \($0.published.cause ?? "not known") |"
  }
  lines += ["", outlook, ""]
  return lines.joined(separator: "\n")
}

private func figures(_ group: ErrorGroup) -> String {
  "| \(group.rows) | \(fixed(group.mape, 1)) % | \(signed(group.bias)) |"
}

/// What no row tells.
private let outlook = """
  ## What the model leaves out

  - **The host.** Times are those of launches. What a benchmark spends between them is not in the model; short runs in the
    second file carry some of it.
  - **The clock of your card.** It falls with the load of the tensor cores, where a sustained clock is known. The
    power of bytes that move, other limits, temperature and the values of the data change it as well. `--clock` locks it.
  - **Atomic additions.** They take the rate of L2. A real card adds more slowly; backwards at d = 256 that shows.
  - **Instructions.** A tile is the smallest thing. How a compiler schedules instructions inside one, and what registers spill,
    is not there.
  - **Sets and lines of caches.** L2 is a share of each tensor that stays.
  - **Networks, several GPUs, and page faults.**

  The same kernel at the same size differs by 14 to 25 % between laboratories, so no model can be closer to all of them.

  ## Beside other models

  | model | what was predicted | mean error, as published |
  |---|---|---|
  | FlashGPU-Sim | 24 cases of FlashAttention-3 at a locked clock, on the card that it was calibrated on | 5.3 % |
  | KernelSight-LM | kernels on generations of GPUs that it had not seen | 12.1 % |
  | PipeWeave | attention, in its released model | 15.5 % |

  These figures are on other rows than ours, and cannot be compared closely.
  """
