// Signals that interrupt the program, for commands that must clean up first.

import Foundation

/// True if the parent process has made us ignore the signal, as nohup does; then it must stay
/// ignored.
func isIgnored(_ number: Int32) -> Bool {
  var action = sigaction()
  sigaction(number, nil, &action)
  return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    == unsafeBitCast(SIG_IGN, to: Int.self)
}

/// Lets SIGINT, SIGTERM, SIGHUP and SIGQUIT call `tidy` on a thread of its own. The program ends by
/// the signal once `tidy` calls its argument `end`.
func whenInterrupted(_ tidy: @escaping @Sendable (_ end: () -> Void) -> Void) {
  var signals = sigset_t()
  sigemptyset(&signals)
  for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] where !isIgnored(number) {
    sigaddset(&signals, number)
  }
  // Threads inherit blocked signals, so every signal waits for the thread that calls `sigwait`.
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  Thread.detachNewThread { [signals] in
    var signals = signals
    var number: Int32 = 0
    guard sigwait(&signals, &number) == 0 else { return }
    tidy {
      signal(number, SIG_DFL)
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      raise(number)
    }
  }
}
