# SPDX-FileCopyrightText: 2026 The zonder contributors
# SPDX-License-Identifier: EUPL-1.2
# Every target of ours links zonder_flags: warnings, sanitizers and hardening live here and nowhere else.
add_library(zonder_flags INTERFACE)
target_compile_features(zonder_flags INTERFACE cxx_std_20)
target_include_directories(zonder_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_options(
  zonder_flags
  INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wcast-qual -Wdouble-promotion -Wformat=2
    -Wextra-semi -Wsuggest-override -Wvla -Wundef -Wunused
    -Wimplicit-fallthrough -fno-omit-frame-pointer
    # Constructor functions take designated initialisers with defaults on purpose.
    -Wno-missing-field-initializers
    # g++ only the null pointer warning too: clang 14 sees one in every defaulted <=>.
    $<$<CXX_COMPILER_ID:GNU>:-Wzero-as-null-pointer-constant -Wduplicated-cond
    -Wduplicated-branches -Wlogical-op -Wuseless-cast -Warith-conversion -Wbidi-chars=any>
    $<$<BOOL:${ZONDER_WERROR}>:-Werror>)
# The look-up tables count bits at every step, which is one instruction (popcnt) since x86-64-v2, that
# is, in every 64-bit processor sold since about 2010; the bare x86-64 baseline calls a function there.
# Packagers who must serve still older machines switch this off.
option(ZONDER_X86_64_V2 "Use the instructions of x86-64-v2" ON)
if(ZONDER_X86_64_V2 AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(zonder_flags INTERFACE -march=x86-64-v2)
endif()
# The library's own bounds checks, in every configuration, release too.
target_compile_definitions(zonder_flags INTERFACE _GLIBCXX_ASSERTIONS)
if(ZONDER_SANITIZE)
  target_compile_options(
    zonder_flags INTERFACE -fsanitize=${ZONDER_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(zonder_flags INTERFACE -fsanitize=${ZONDER_SANITIZE})
  target_compile_definitions(zonder_flags INTERFACE ZONDER_SANITIZED=1)
endif()
if(ZONDER_FUZZ)
  target_compile_options(zonder_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_compile_options(
  zonder_flags
  INTERFACE
    $<$<CONFIG:RelWithDebInfo>:-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong
    -fstack-clash-protection -fcf-protection=full>)
target_link_options(
  zonder_flags
  INTERFACE
  $<$<CONFIG:RelWithDebInfo>:-Wl,-z,relro
  -Wl,-z,now
  -Wl,-z,noexecstack
  -Wl,--as-needed>)
