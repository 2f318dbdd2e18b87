# cmake -DINTO=FILE -P build.cmake: the reader of execution traces, static, the
# same bytes wherever it is built. Where there is no Go, or not the module, it is
# not built, which is said and no error: `observe: timeline` is skipped then.
get_filename_component(here ${CMAKE_CURRENT_LIST_FILE} DIRECTORY)
find_program(GO go)
set(why "there is no go")
if(GO)
  set(ENV{CGO_ENABLED} 0)
  set(ENV{GOWORK} off)
  set(ENV{GOFLAGS} "")
  execute_process(
    COMMAND ${GO} build -trimpath -buildvcs=false "-ldflags=-s -w -buildid="
            -o ${INTO} .
    WORKING_DIRECTORY ${here}
    TIMEOUT 600
    RESULT_VARIABLE failed
    ERROR_VARIABLE why)
endif()
if(NOT GO OR failed)
  file(REMOVE ${INTO})
  string(STRIP "${why}" why)
  message(STATUS "faultrig-timeline is not built: ${why}")
endif()
