"""Ways to reach people who look at no console: web push, text messages, and the operators' log.

Here lives one file per way behind one port, `Notifier`, and the rules of when to try again. Nothing personal is sent.
Never here: whom to call and when (cloud.sos, cloud.escalate), or the outbox (cloud.store).
"""
