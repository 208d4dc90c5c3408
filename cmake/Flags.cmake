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
    -Wextra-semi -Wsuggest-override -Wvla -Wundef -Wzero-as-null-pointer-constant -Wunused
    -Wimplicit-fallthrough -fno-omit-frame-pointer
    # Constructor functions take designated initialisers with defaults on purpose.
    -Wno-missing-field-initializers
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wuseless-cast
    -Warith-conversion -Wbidi-chars=any>
    $<$<BOOL:${ZONDER_WERROR}>:-Werror>)
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
