// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>

#include "base/descriptor.hh"
#include "base/result.hh"
#include "lab/lab_file.hh"
#include "trust/authority.hh"

// What the programs of a host see of files. All of a lab's own files are in memory, on a tmpfs over
// /run in the keeper's mount namespace; over that lie, per host, its own /etc/resolv.conf,
// /etc/hosts, /etc/nsswitch.conf and trust store. The machine's own files are never changed.
namespace zonder::lab {

/// The folder of the lab's files, of a host's, and of one of its servers'.
inline constexpr const char* lab_folder = "/run/lab";
std::string folder_of(const Host& host);

/// Mounts the keeper's own /run and /proc; call it once, in a new mount and pid namespace.
Result<void> mount_lab_folder();

/// Writes the trust store and, when root, a /dev/net/tun that everybody may open.
Result<void> make_shared_files(const trust::Authority& authority);

/// The host's mount and uts namespaces, made by a thread of its own.
struct View {
  Descriptor mount;
  Descriptor uts;
};
Result<View> make_view(const LabFile& lab, const Host& host);

/// For the child that becomes a server, inside the host's view: a mount namespace of its own in
/// which all is read-only but /run and, when wanted, an empty /tmp. False: not possible (errno).
bool make_files_read_only(bool own_tmp);

}  // namespace zonder::lab
