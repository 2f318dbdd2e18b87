// func call()
TEXT ·call(SB), $0-0
	CALL faultrig_gone(SB)
	RET
