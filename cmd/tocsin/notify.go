package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

type notifyCmd struct {
	Test notifyTestCmd `cmd:"" help:"Send a made-up alert, marked as a test, on a channel."`
}

type notifyTestCmd struct {
	remote
	Channel string `arg:"" help:"The channel's name in the configuration."`
}

func (c notifyTestCmd) Run(ctx context.Context, std stdio, root *commands) error {
	token, err := c.token(root, "admin")
	if err != nil {
		return err
	}
	resp, err := c.ask(ctx, http.MethodPost, "/api/v1/channels/"+url.PathEscape(c.Channel)+"/test", token, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	fmt.Fprintf(std.out, "sent on %s\n", c.Channel)
	return nil
}
