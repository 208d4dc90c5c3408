// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <initializer_list>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "isolate/run.hh"
#include "support/mini_internet.hh"

// `zonder run` in a terminal, under a small shell that knows foreground and background, as a person
// has it: cases 6 and 7.
namespace zonder::isolate {
namespace {

using std::chrono::steady_clock;

/// The shell's part: runs `run` as a foreground job, continues it when it stops, says how it ended.
[[noreturn]] void be_the_shell(const RunOptions& options)
{
  ::signal(SIGTTOU, SIG_IGN);
  const pid_t job = ::fork();
  if (job == 0) {
    ::setpgid(0, 0);
    ::tcsetpgrp(0, ::getpid());
    ::signal(SIGTTOU, SIG_DFL);
    const auto record = run(options);
    if (!record) {
      std::printf("ERROR %s\n", record.error().message.c_str());
    }
    std::fflush(stdout);
    // The terminal must be the job's again, or the next read of the shell's would fail.
    ::_exit(record ? record->exit_code : 125);
  }
  ::setpgid(job, job);
  ::tcsetpgrp(0, job);
  for (;;) {
    int status = 0;
    ::waitpid(job, &status, WUNTRACED);
    if (WIFSTOPPED(status)) {
      ::tcsetpgrp(0, ::getpid());
      std::printf("STOPPED\n");
      std::fflush(stdout);
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      ::tcsetpgrp(0, job);
      ::kill(-job, SIGCONT);
      continue;
    }
    std::printf("FOREGROUND %s\n", ::tcgetpgrp(0) == job ? "kept" : "lost");
    std::printf("EXIT %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status));
    std::fflush(stdout);
    ::_exit(0);
  }
}

/// The person's part: reads the screen and types.
class Person {
public:
  explicit Person(int terminal) : terminal_(terminal) {}

  void type(const std::string& text) const { (void)!::write(terminal_, text.data(), text.size()); }
  void resize(unsigned short rows, unsigned short columns) const
  {
    const winsize size = {.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    ::ioctl(terminal_, TIOCSWINSZ, &size);
  }
  /// Waits at most ten seconds for a text; nothing when it came, else what is on the screen.
  std::string expect(const std::string& text)
  {
    const auto until = steady_clock::now() + std::chrono::seconds(10);
    while (screen_.find(text, seen_) == std::string::npos) {
      if (steady_clock::now() > until || !read_some()) {
        return "waited for \"" + text + "\", saw: " + screen_ + "; ";
      }
    }
    seen_ = screen_.find(text, seen_) + text.size();
    return "";
  }
  /// One after the other.
  std::string expect(std::initializer_list<const char*> texts)
  {
    std::string wrong;
    for (const char* text : texts) {
      wrong += expect(std::string(text));
    }
    return wrong;
  }
  void look_for(std::chrono::milliseconds time)
  {
    const auto until = steady_clock::now() + time;
    while (steady_clock::now() < until) {
      read_some();
    }
  }
  [[nodiscard]] const std::string& screen() const { return screen_; }

private:
  bool read_some()
  {
    pollfd ready = {.fd = terminal_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 100) <= 0) {
      return true;
    }
    std::array<char, 1024> text{};
    const auto got = ::read(terminal_, text.data(), text.size());
    if (got <= 0) {
      return false;
    }
    screen_.append(text.data(), static_cast<std::size_t>(got));
    return true;
  }
  int terminal_;
  std::string screen_;
  std::size_t seen_ = 0;
};

std::string in_terminal(const std::string& script,
                        Engine engine,
                        const std::function<std::string(Person&)>& play)
{
  RunOptions options;
  options.absence = test::microsoft_absence();
  options.command = {"sh", "-c", script};
  options.engine = engine;
  int terminal = -1;
  const winsize size = {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  const pid_t shell = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (shell == 0) {
    be_the_shell(options);
  }
  Person person(terminal);
  const auto wrong = play(person);
  ::kill(shell, SIGKILL);
  ::waitpid(shell, nullptr, 0);
  ::close(terminal);
  return wrong;
}

struct Whom {
  const char* name;
  uid_t uid;
  Engine engine;
};

class RunInATerminal : public testing::TestWithParam<Whom> {
protected:
  static void play(const std::string& script, const std::function<std::string(Person&)>& body)
  {
    test::in_mini_internet({.uid = GetParam().uid}, [&](test::Arrivals&) {
      return in_terminal(script, GetParam().engine, body);
    });
  }
};

INSTANTIATE_TEST_SUITE_P(As,
                         RunInATerminal,
                         testing::Values(Whom{"Root", 0, Engine::Automatic},
                                         Whom{"OrdinaryUser", 1500, Engine::Automatic},
                                         Whom{"WithoutNamespaces", 1500, Engine::Seccomp}),
                         [](const auto& which) { return which.param.name; });

// Case 6.
TEST_P(RunInATerminal, CommandHasTheTerminalAndItsSize)
{
  play("tty && stty size && trap 'stty size; exit 3' WINCH && echo ready && "
       "while :; do sleep 0.1; done",
       [](Person& person) {
         auto wrong = person.expect({"/dev/pts/", "24 80", "ready"});
         person.resize(40, 100);
         return wrong + person.expect({"40 100", "EXIT 3"});
       });
}

// Case 6.
TEST_P(RunInATerminal, StopsAndGoesOnWithTheShell)
{
  play("echo ready; while read -r line; do echo got-$line; done; exit 4", [](Person& person) {
    auto wrong = person.expect("ready");
    person.type("one\n");
    wrong += person.expect("got-one");
    person.type("\x1a");  // Ctrl-Z
    wrong += person.expect("STOPPED");
    person.look_for(std::chrono::milliseconds(500));
    person.type("two\n");
    wrong += person.expect("got-two");
    person.type("\x04");  // Ctrl-D: end of input
    return wrong + person.expect("EXIT 4");
  });
}

// Case 6.
TEST_P(RunInATerminal, AsksForAPasswordWithoutEcho)
{
  play("stty -echo; echo password:; read -r secret; stty echo; echo length-${#secret}",
       [](Person& person) {
         auto wrong = person.expect("password:");
         person.type("swordfish\n");
         wrong += person.expect({"length-9", "EXIT 0"});
         if (person.screen().find("swordfish") != std::string::npos) {
           wrong += "the password was shown";
         }
         return wrong;
       });
}

// Case 7.
TEST_P(RunInATerminal, CtrlCReachesTheCommandOnceAndZonderStays)
{
  play("n=0; trap 'n=$((n+1)); echo int-$n' INT; echo ready; "
       "while [ $n -lt 2 ]; do sleep 0.1; done; exit 5",
       [](Person& person) {
         auto wrong = person.expect("ready");
         person.type("\x03");
         wrong += person.expect("int-1");
         person.look_for(std::chrono::milliseconds(600));
         if (person.screen().find("int-2") != std::string::npos) {
           wrong += "it came twice; ";
         }
         person.type("\x03");
         return wrong + person.expect({"int-2", "EXIT 5"});
       });
}

// Case 7.
TEST_P(RunInATerminal, CtrlCEndsACommandAsUsual)
{
  play("echo ready; exec sleep 60", [](Person& person) {
    auto wrong = person.expect("ready");
    person.type("\x03");
    return wrong + person.expect("EXIT 130");
  });
}

// Case 6.
TEST_P(RunInATerminal, GivesTheTerminalBackAfterAShellInTheRoom)
{
  play("exec bash --norc -i", [](Person& person) {
    person.type("PS1='in-the-room> '\n");
    auto wrong = person.expect("in-the-room> ");
    person.type("sleep 60\n");
    person.look_for(std::chrono::milliseconds(300));
    person.type("\x1a");
    wrong += person.expect("Stopped");
    person.type("kill %1; exit 6\n");
    person.look_for(std::chrono::milliseconds(300));
    person.type("exit 6\n");
    return wrong + person.expect({"FOREGROUND kept", "EXIT 6"});
  });
}

}  // namespace
}  // namespace zonder::isolate
