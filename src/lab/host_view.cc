// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#include "lab/host_view.hh"

#include <cerrno>
#include <climits>
#include <cstring>
#include <exception>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/file.hh"
#include "base/translate.hh"
#include "kernel/namespaces.hh"

namespace zonder::lab {
namespace {

const std::string shared_folder = std::string(lab_folder) + "/shared";

tl::unexpected<Error> because_of_errno(const std::string& what)
{
  return fail(Fault::NotPossible, what + ": " + std::strerror(errno));
}

/// Lays `source` over `target`. What is not there cannot be covered, and needs no cover: the one
/// exception is a link into /run (resolv.conf of systemd), since our own /run is empty.
Result<void> cover(const std::string& source, const std::string& target)
{
  namespace fs = std::filesystem;
  std::error_code ignored;
  const auto real = fs::weakly_canonical(target, ignored);
  if (real.string().starts_with("/run/") && !fs::exists(real, ignored)) {
    fs::create_directories(real.parent_path(), ignored);
    const Descriptor placeholder(::open(real.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
  }
  if (!fs::exists(real, ignored)) {
    return {};
  }
  if (::mount(source.c_str(), real.c_str(), nullptr, MS_BIND, nullptr) != 0) {
    return because_of_errno(say("the lab cannot mount over {}", target));
  }
  return {};
}

std::string resolv_conf(const LabFile& lab)
{
  std::string text;
  if (const auto* resolver = lab.host(lab.resolver)) {
    for (const auto& address : resolver->addresses) {
      text += "nameserver " + address.to_string() + "\n";
    }
  }
  return text + "options timeout:2 attempts:2\n";
}

Result<void> write_etc(const LabFile& lab, const Host& host)
{
  const auto folder = folder_of(host) + "/etc";
  ZONDER_TRY(make_folders(folder));
  ZONDER_TRY(write_file(folder + "/resolv.conf", resolv_conf(lab)));
  ZONDER_TRY(write_file(folder + "/hosts",
                        "127.0.0.1 localhost\n::1 localhost\n127.0.1.1 " + host.name + "\n"));
  return write_file(folder + "/nsswitch.conf",
                    "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n"
                    "networks: files\nprotocols: files\nservices: files\n");
}

Result<void> enter_new_view(const Host& host)
{
  if (::unshare(CLONE_NEWNS | CLONE_NEWUTS) != 0) {
    return because_of_errno(say("the lab cannot make a view of the files for {}", host.name));
  }
  if (::sethostname(host.name.c_str(), host.name.size()) != 0) {
    return because_of_errno(say("the lab cannot name the host {}", host.name));
  }
  const auto folder = folder_of(host) + "/etc";
  for (const auto* file : {"/resolv.conf", "/hosts", "/nsswitch.conf"}) {
    ZONDER_TRY(cover(folder + file, std::string("/etc") + file));
  }
  ZONDER_TRY(cover(shared_folder + "/certs", "/etc/ssl/certs"));
  const auto tun = shared_folder + "/tun";
  std::error_code ignored;
  return std::filesystem::exists(tun, ignored) ? cover(tun, "/dev/net/tun") : Result<void>();
}

bool set_read_only(const char* path, bool read_only, unsigned flags)
{
  mount_attr attributes = {};
  (read_only ? attributes.attr_set : attributes.attr_clr) = MOUNT_ATTR_RDONLY;
  return ::syscall(SYS_mount_setattr, AT_FDCWD, path, flags, &attributes, sizeof attributes) == 0;
}

}  // namespace

std::string folder_of(const Host& host)
{
  return std::string(lab_folder) + "/" + host.name;
}

Result<void> mount_lab_folder()
{
  if (::mount("zonder-lab", "/run", "tmpfs", MS_NOSUID, "mode=755") != 0) {
    return because_of_errno(say("the lab cannot mount its own /run"));
  }
  if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0) {
    return because_of_errno(say("the lab cannot mount its own /proc"));
  }
  return make_folders(shared_folder);
}

Result<void> make_shared_files(const trust::Authority& authority)
{
  const auto certs = shared_folder + "/certs";
  ZONDER_TRY(make_folders(certs));
  ZONDER_TRY(write_file(certs + "/ca-certificates.crt", authority.certificate()));
  ZONDER_TRY(write_file(certs + "/" + authority.hashed_name(), authority.certificate()));
  const auto tun = shared_folder + "/tun";
  constexpr unsigned misc_major = 10;
  constexpr unsigned tun_minor = 200;
  // In a user namespace nobody may make device nodes; then the machine's own node is what there is.
  if (::mknod(tun.c_str(), S_IFCHR | 0666, ::makedev(misc_major, tun_minor)) == 0) {
    ::chmod(tun.c_str(), 0666);
  }
  return {};
}

Result<View> make_view(const LabFile& lab, const Host& host)
{
  ZONDER_TRY(write_etc(lab, host));
  View view;
  Result<void> result;
  std::thread([&] {
    result = enter_new_view(host);
    auto mount = kernel::open_own_namespace("mnt");
    auto uts = kernel::open_own_namespace("uts");
    if (result && mount && uts) {
      view = {.mount = std::move(*mount), .uts = std::move(*uts)};
    } else if (result) {
      result = fail(!mount ? mount.error() : uts.error());
    }
  }).join();
  if (!result) {
    return fail(result.error());
  }
  return view;
}

bool make_files_read_only(bool own_tmp)
{
  return ::unshare(CLONE_NEWNS) == 0 && set_read_only("/", true, AT_RECURSIVE) &&
         set_read_only("/run", false, 0) &&
         (!own_tmp || ::mount("zonder-lab", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, nullptr) == 0);
}

}  // namespace zonder::lab
